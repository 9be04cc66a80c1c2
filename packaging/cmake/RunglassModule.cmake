# A folder is a target. Its public headers lie in include/runglass/<folder>/ and are visible only to the targets that
# link it, so that an include against the direction of dependencies does not compile.
#
#   runglass_module(core_store PUBLIC core_model PRIVATE SQLite::SQLite3)
#
# All *.cpp of the folder belong to the target. They are globbed (and re-globbed at each build), so that a new reader,
# chart or command is a new file and nothing else.
function(runglass_module name)
    cmake_parse_arguments(ARG "QT" "" "PUBLIC;PRIVATE" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
    if(sources)
        add_library(${name} STATIC ${sources} ${headers})
        target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include
            PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
        target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE runglass_options ${ARG_PRIVATE})
        set_target_properties(${name} PROPERTIES AUTOMOC ${ARG_QT})
    else()
        add_library(${name} INTERFACE)
        target_include_directories(${name} INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/include)
        target_link_libraries(${name} INTERFACE ${ARG_PUBLIC})
    endif()
endfunction()

# The same for a folder of ui/: Qt Widgets, moc, and one precompiled header that all ui targets share.
function(runglass_ui_module name)
    runglass_module(${name} QT ${ARGN})
    get_target_property(type ${name} TYPE)
    if(RUNGLASS_PCH AND type STREQUAL "STATIC_LIBRARY")
        if(NOT TARGET ui_pch)
            file(WRITE ${CMAKE_BINARY_DIR}/ui_pch.cpp "")
            add_library(ui_pch STATIC ${CMAKE_BINARY_DIR}/ui_pch.cpp)
            target_link_libraries(ui_pch PRIVATE runglass_options Qt6::Widgets Qt6::Svg)
            target_precompile_headers(ui_pch PRIVATE
                <QtCore/QtCore> <QtGui/QAction> <QtGui/QPainter> <QtGui/QPainterPath> <QtGui/QKeyEvent>
                <QtWidgets/QApplication> <QtWidgets/QBoxLayout> <QtWidgets/QLabel> <QtWidgets/QMenu>
                <QtWidgets/QTreeView> <QtWidgets/QStyledItemDelegate> <QtWidgets/QToolButton>
                <algorithm> <functional> <memory> <optional> <string> <unordered_map> <variant> <vector>)
        endif()
        target_link_libraries(${name} PRIVATE Qt6::Widgets Qt6::Svg)
        target_precompile_headers(${name} REUSE_FROM ui_pch)
    endif()
endfunction()

# Each tst_*.cpp of the current folder becomes one Qt Test program and one ctest entry named <folder>.<file>.
#   runglass_tests(LINK core_store LABELS core [GUI])
# GUI tests run on the offscreen platform.
function(runglass_tests)
    cmake_parse_arguments(ARG "GUI" "TIMEOUT" "LINK;LABELS" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 300)
    endif()
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tst_*.cpp)
    get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
    foreach(source IN LISTS sources)
        get_filename_component(base ${source} NAME_WE)
        string(REPLACE "tst_" "" short ${base})
        set(target tst_${folder}_${short})
        add_executable(${target} ${source})
        set_target_properties(${target} PROPERTIES AUTOMOC ON)
        target_link_libraries(${target} PRIVATE runglass_options test_support Qt6::Test ${ARG_LINK})
        add_test(NAME ${folder}.${short} COMMAND ${target})
        set(environment "LC_ALL=C.UTF-8;TZ=UTC;DBUS_SESSION_BUS_ADDRESS=;XDG_RUNTIME_DIR=${CMAKE_BINARY_DIR}/xdg-runtime")
        list(APPEND environment "RUNGLASS_TEST_BINARY=$<TARGET_FILE:runglass>")
        list(APPEND environment "RUNGLASS_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
        if(ARG_GUI)
            target_link_libraries(${target} PRIVATE Qt6::Widgets)
            list(APPEND environment "QT_QPA_PLATFORM=offscreen")
        endif()
        set_tests_properties(${folder}.${short} PROPERTIES ENVIRONMENT "${environment}" LABELS "${ARG_LABELS}"
            TIMEOUT ${ARG_TIMEOUT})
    endforeach()
endfunction()
